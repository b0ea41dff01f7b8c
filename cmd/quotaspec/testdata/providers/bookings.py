"""Bookings of hotel rooms, written as the tutorial of FastAPI does it. The document is the one that FastAPI generates.

bookings.py [FAULT,…] prints its URL, listens on loopback, and ends when its input does. The faults change responses only, so
the document is the same with and without them.
"""

import os
import re
import secrets
import socket
import sys
import threading
from datetime import date
from enum import Enum
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Path, Query, Request, Response
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.routing import Match

FAULTS = set(filter(None, sys.argv[1].split(","))) if len(sys.argv) > 1 else set()
KEY = "key-of-the-hotel"

app = FastAPI(title="Bookings", version="1")
header = APIKeyHeader(name="X-Hotel-Key", auto_error=False)


class Problem(BaseModel):
    detail: str


def known(request: Request, key: Annotated[str | None, Depends(header)]) -> None:
    is_open = "authentication-not-enforced" in FAULTS and request.url.path == "/bookings" and request.method == "GET"
    if not is_open and not secrets.compare_digest((key or "").encode(), KEY.encode()):
        raise HTTPException(401, "no such key")


class Kind(str, Enum):
    single = "single"
    double = "double"
    suite = "suite"


class State(str, Enum):
    asked = "asked"
    confirmed = "confirmed"
    cancelled = "cancelled"


class Room(BaseModel):
    id: int
    kind: Kind
    beds: int = Field(ge=1)
    price: float


def whole(value):
    """Pydantic takes "7" and true as integers, or not even 7.0 if it is strict. JSON Schema takes 7 and 7.0 only."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("want a number")
    return value


def dashed(value):
    """Pydantic takes 0 as a date, too."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError("want YYYY-MM-DD")
    return value


Whole = Annotated[int, BeforeValidator(whole)]
Day = Annotated[date, BeforeValidator(dashed)]


class Draft(BaseModel):
    model_config = ConfigDict(extra="forbid")
    room: Whole = Field(ge=1, le=999, examples=[12])
    guest: str = Field(min_length=1, max_length=60, examples=["Ada Lovelace"])
    arrival: Day = Field(examples=["2026-05-01"])
    nights: Whole = Field(ge=1, le=28)


class Change(BaseModel):
    model_config = ConfigDict(extra="forbid")
    nights: Whole = Field(ge=1, le=28)


class Booking(BaseModel):
    id: int
    room: int
    guest: str
    arrival: date
    nights: int
    state: State
    remark: str | None


class Health(BaseModel):
    open: bool


ROOMS = [
    Room(id=11, kind=Kind.single, beds=1, price=80), Room(id=12, kind=Kind.double, beds=2, price=120.5),
    Room(id=21, kind=Kind.suite, beds=3, price=310),
]
BOOKINGS = {
    41: Booking(id=41, room=11, guest="Ada", arrival=date(2026, 5, 1), nights=2, state=State.confirmed, remark=None),
    42: Booking(id=42, room=12, guest="Alan", arrival=date(2026, 5, 3), nights=7, state=State.asked, remark="Late"),
}

REFUSED = {401: {"model": Problem}}
NO_TEXT = {400: {"model": Problem}}  # FastAPI answers 400, not 422, to a body that is no UTF-8
MISSING = {401: {"model": Problem}, 404: {"model": Problem}}
closed = [Depends(known)]
RoomID = Annotated[int, Path(ge=1, le=999, examples=[12])]
BookingID = Annotated[int, Path(ge=1, le=999999, examples=[41])]


@app.get("/health", operation_id="getHealth", response_model=Health)
def get_health():
    return PlainTextResponse('{"open": true}') if "content-type" in FAULTS else Health(open=True)


@app.get("/rooms", operation_id="listRooms", dependencies=closed, response_model=list[Room], responses=REFUSED)
def list_rooms(kind: Kind | None = None, limit: Annotated[int, Query(ge=1, le=50)] = 20):
    ignores = kind is None or "filter-ignored" in FAULTS
    rooms = [room.model_dump(mode="json") for room in ROOMS if ignores or room.kind == kind][:limit]
    if "missing-member" in FAULTS:
        for room in rooms:
            del room["beds"]
    return JSONResponse(rooms)


@app.get("/rooms/{room_id}", operation_id="showRoom", dependencies=closed, response_model=Room, responses=MISSING)
def show_room(room_id: RoomID):
    for room in ROOMS:
        if room.id == room_id:
            return room
    raise HTTPException(410 if "undocumented-status" in FAULTS else 404, "no such room")


@app.get("/bookings", operation_id="listBookings", dependencies=closed, response_model=list[Booking], responses=REFUSED)
def list_bookings(state: State | None = None):
    bookings = [b.model_dump(mode="json") for b in BOOKINGS.values() if state is None or b.state == state]
    if "null" in FAULTS:
        for booking in bookings:
            booking["guest"] = None
    return JSONResponse(bookings)


@app.post(
    "/bookings", operation_id="createBooking", dependencies=closed, status_code=201, response_model=Booking,
    responses=REFUSED | NO_TEXT,
)
def create_booking(draft: Draft):
    number = max(BOOKINGS, default=100) + 1
    BOOKINGS[number] = Booking(id=number, state=State.asked, remark=None, **draft.model_dump())
    return BOOKINGS[number]


def booking_of(booking_id: BookingID) -> Booking:
    if booking_id not in BOOKINGS:
        raise HTTPException(404, "no such booking")
    return BOOKINGS[booking_id]


Found = Annotated[Booking, Depends(booking_of)]


@app.get(
    "/bookings/{booking_id}", operation_id="showBooking", dependencies=closed, response_model=Booking, responses=MISSING
)
def show_booking(booking: Found):
    shown = booking.model_dump(mode="json")
    if "wrong-type" in FAULTS:
        shown["nights"] = str(shown["nights"])
    return JSONResponse(shown)


@app.patch(
    "/bookings/{booking_id}", operation_id="changeBooking", dependencies=closed, response_model=Booking,
    responses=MISSING | NO_TEXT,
)
def change_booking(booking: Found, change: Change):
    booking.nights = change.nights
    return booking


@app.delete("/bookings/{booking_id}", operation_id="deleteBooking", dependencies=closed, status_code=204, responses=MISSING)
def delete_booking(booking: Found):
    del BOOKINGS[booking.id]
    return Response(status_code=200 if "wrong-success-status" in FAULTS else 204)


@app.exception_handler(405)
async def list_methods(request: Request, _: HTTPException):
    """Starlette lists the methods of the first route with the path only."""
    fits = [route for route in app.routes if route.matches(request.scope)[0] != Match.NONE]
    methods = sorted(set().union(*[route.methods or () for route in fits]))
    return JSONResponse({"detail": "Method Not Allowed"}, 405, {"Allow": ", ".join(methods)})


@app.exception_handler(RequestValidationError)
async def refuse(request: Request, wrong: RequestValidationError):
    """Two faults are in the validation: a limit that is no number fails, and a change to 0 nights is accepted."""
    places = [(e["loc"][-1], e["type"]) for e in wrong.errors()]
    if "500-on-bad-input" in FAULTS and ("limit", "int_parsing") in places:
        return PlainTextResponse("Internal Server Error", 500)
    if "invalid-input-accepted" in FAULTS and places == [("nights", "greater_than_equal")] and request.method == "PATCH":
        return JSONResponse(BOOKINGS[min(BOOKINGS)].model_dump(mode="json"))
    return await request_validation_exception_handler(request, wrong)


def end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    provider = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    threading.Thread(target=end_with_input, daemon=True).start()
    provider.run(sockets=[listener])
