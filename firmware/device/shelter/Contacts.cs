using System.Device.Gpio;
using System.Threading;
using Quartier.Board;
using Quartier.Device;

namespace Quartier.Shelter.Esp32
{
    /// <summary>A switch on a pin. Its change wakes the step loop; latched, so that a short signal between two readings counts.</summary>
    public sealed class Contact
    {
        private readonly BoardPin pin;
        private readonly bool activeLow;
        // Set by the platform's event thread, taken by the step loop: a press in between must not be lost.
        private int latched;

        public Contact(GpioController gpio, int pinNumber, PinMode mode, bool activeLow)
        {
            this.activeLow = activeLow;
            pin = new BoardPin(gpio, pinNumber, mode);
            pin.Watch(Changed);
        }

        public ReadStatus Read(out bool active)
        {
            bool high;
            ReadStatus status = pin.Read(out high);
            active = status == ReadStatus.Ok && high != activeLow;
            return status;
        }

        /// <param name="active">True when active now or at any time since the last call that was answered.</param>
        public ReadStatus TakeLatched(out bool active)
        {
            ReadStatus status = Read(out active);
            if (status == ReadStatus.Ok)
            {
                active |= Interlocked.Exchange(ref latched, 0) != 0;
            }

            return status;
        }

        private void Changed(object sender, PinValueChangedEventArgs e)
        {
            // The level, not the edge: the chip pulls GPIO36 and 39 down for some 80 ns whenever its converter wakes, and that is no call.
            bool active;
            if (Read(out active) == ReadStatus.Ok && active)
            {
                Interlocked.Exchange(ref latched, 1);
            }

            StepLoop.Wake();
        }
    }

    /// <summary>Reed contact of the flap: closed while the magnet is near, so an open door is an open contact.</summary>
    public sealed class ReedDoor : IDoor
    {
        private readonly Contact contact;

        public ReedDoor(Contact contact)
        {
            this.contact = contact;
        }

        public ReadStatus Read(out bool open)
        {
            bool closed;
            ReadStatus status = contact.Read(out closed);
            open = status == ReadStatus.Ok && !closed;
            return status;
        }
    }

    /// <summary>Reed contact behind the bolt: closed when the bolt is in.</summary>
    public sealed class ReedLock : ILock
    {
        private readonly Contact contact;

        public ReedLock(Contact contact)
        {
            this.contact = contact;
        }

        public ReadStatus Read(out bool locked)
        {
            return contact.Read(out locked);
        }
    }

    public sealed class PirMotion : IMotion
    {
        // The element settles for a minute after power-on and reports motion meanwhile.
        private const long SettleMs = 60000;
        private readonly Contact contact;

        public PirMotion(Contact contact)
        {
            this.contact = contact;
        }

        public ReadStatus Read(out bool moved)
        {
            ReadStatus status = contact.TakeLatched(out moved);
            return status == ReadStatus.Ok && StepLoop.UptimeMs < SettleMs ? ReadStatus.NotReady : status;
        }
    }

    /// <summary>The smoke alarm's potential-free contact, normally open.</summary>
    public sealed class SmokeRelay : ISmokeContact
    {
        private readonly Contact contact;

        public SmokeRelay(Contact contact)
        {
            this.contact = contact;
        }

        public ReadStatus Read(out bool smoke)
        {
            return contact.TakeLatched(out smoke);
        }
    }

    public sealed class HelpButton : ISosButton
    {
        private readonly Contact contact;

        public HelpButton(Contact contact)
        {
            this.contact = contact;
        }

        public ReadStatus Read(out bool pressed)
        {
            return contact.TakeLatched(out pressed);
        }
    }

    /// <summary>Micro switch under the lid, closed while the housing is shut.</summary>
    public sealed class LidSwitch : ITamperSwitch
    {
        private readonly Contact contact;

        public LidSwitch(Contact contact)
        {
            this.contact = contact;
        }

        public ReadStatus Read(out bool open)
        {
            bool closed;
            ReadStatus status = contact.Read(out closed);
            open = status == ReadStatus.Ok && !closed;
            return status;
        }
    }
}
