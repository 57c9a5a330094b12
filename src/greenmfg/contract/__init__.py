"""Forms: the one place where a filed column is declared, and what is made from it."""

from greenmfg.contract.forms import Column, Contract, ContractError, Words, load_contracts

__all__ = ["Column", "Contract", "ContractError", "Words", "load_contracts"]
