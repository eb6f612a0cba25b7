using Quartier.Board;

namespace Quartier.Drivers
{
    /// <summary>RAK3172 with RUI3 AT firmware, EU868, class A, joined by OTAA.
    /// Configure → join (back-off 15 s doubling to 1 h) → ready. A module that restarts, or does not answer three commands in a
    /// row, is configured and joined anew. A frame that the module refuses as busy or for the duty cycle is offered again
    /// three times; the caller's own repetition goes on after that.</summary>
    public sealed class Rak3172 : ILoRaModem
    {
        private const int AnswerMsMax = 3000;
        private const int JoinMsMax = 30000;
        private const int UplinkMsMax = 60000;
        private const int BackoffMsMin = 15000;
        private const int BackoffMsMax = 3600000;
        private const int FrameBytesMax = 51;
        private const int OffersMax = 3;
        private const int SilenceMax = 3;

        private enum Phase
        {
            Configure = 0,
            AwaitJoin = 1,
            JoinPause = 2,
            Ready = 3,
            AwaitConfirmMode = 4,
            AwaitSend = 5,
            AwaitUplink = 6,
            OfferPause = 7,
        }

        private readonly AtLine line;
        private readonly string[] setup;
        private readonly byte[] frame = new byte[FrameBytesMax];
        private readonly byte[] downlink = new byte[242];
        private Phase phase = Phase.Configure;
        private int setupAt = -1;
        private long untilMs;
        private long nowMs;
        private int backoffMs = BackoffMsMin;
        private int silences;
        private int offers;
        private int frameLength;
        private int framePort;
        private bool frameConfirmed;
        private bool confirmMode;
        private int downlinkPort;
        private int downlinkLength = -1;

        /// <param name="devEui">16 hex digits, most significant byte first; likewise joinEui.</param>
        /// <param name="appKey">32 hex digits.</param>
        public Rak3172(ISerialLine serial, string devEui, string joinEui, string appKey)
        {
            line = new AtLine(serial);
            setup = new string[]
            {
                "AT", "AT+NWM=1", "AT+NJM=1", "AT+CLASS=A", "AT+BAND=4", "AT+DEVEUI=" + devEui, "AT+APPEUI=" + joinEui, "AT+APPKEY=" + appKey, "AT+CFM=0",
            };
        }

        public ModemState Step(long uptimeMs)
        {
            nowMs = uptimeMs;
            while (line.TryRead())
            {
                Hear();
            }

            if (setupAt < 0)
            {
                Configure();
            }
            else if (untilMs != 0 && uptimeMs >= untilMs)
            {
                TimeOut();
            }

            return State();
        }

        public SendStatus Send(int port, byte[] payload, int length, bool confirmed)
        {
            if (length < 0 || length > FrameBytesMax || port < 1 || port > 223)
            {
                return SendStatus.TooLong;
            }

            if (phase != Phase.Ready)
            {
                return phase < Phase.Ready ? SendStatus.NotJoined : SendStatus.Busy;
            }

            for (int i = 0; i < length; i++)
            {
                frame[i] = payload[i];
            }

            frameLength = length;
            framePort = port;
            frameConfirmed = confirmed;
            offers = 0;
            Offer();
            return SendStatus.Accepted;
        }

        public bool TryReceive(byte[] into, out int port, out int length)
        {
            port = downlinkPort;
            length = downlinkLength;
            if (downlinkLength < 0 || downlinkLength > into.Length)
            {
                downlinkLength = -1;
                return false;
            }

            for (int i = 0; i < downlinkLength; i++)
            {
                into[i] = downlink[i];
            }

            downlinkLength = -1;
            return true;
        }

        private ModemState State()
        {
            if (silences >= SilenceMax)
            {
                return ModemState.Failed;
            }

            return phase < Phase.Ready ? ModemState.Joining : phase == Phase.Ready ? ModemState.Ready : ModemState.Busy;
        }

        private void Hear()
        {
            if (line.StartsWith("+EVT:"))
            {
                HearEvent();
            }
            else if (line.Is("OK"))
            {
                silences = 0;
                HearOk();
            }
            else if (line.StartsWith("Current Work Mode") || line.StartsWith("LoRa (R)"))
            {
                Configure();
            }
            else if (line.StartsWith("AT_"))
            {
                silences = 0;
                HearRefusal();
            }
        }

        private void HearOk()
        {
            switch (phase)
            {
                case Phase.Configure:
                    NextSetup();
                    break;
                case Phase.AwaitConfirmMode:
                    confirmMode = frameConfirmed;
                    Offer();
                    break;
                case Phase.AwaitSend:
                    Enter(Phase.AwaitUplink, UplinkMsMax);
                    break;
            }
        }

        private void HearRefusal()
        {
            if (line.Is("AT_NO_NETWORK_JOINED"))
            {
                Join();
            }
            else if (phase == Phase.Configure)
            {
                // Keys that the module refuses stay refused; asking at the back-off's pace keeps the line quiet.
                Pause();
            }
            else if (phase == Phase.AwaitJoin)
            {
                Pause();
            }
            else if (phase == Phase.AwaitSend || phase == Phase.AwaitConfirmMode)
            {
                if (++offers >= OffersMax || line.Is("AT_PARAM_ERROR"))
                {
                    Enter(Phase.Ready, 0);
                }
                else
                {
                    Enter(Phase.OfferPause, 5000 * offers);
                }
            }
        }

        private void HearEvent()
        {
            if (line.Is("+EVT:JOINED"))
            {
                // A join from before the module was configured anew says nothing about the keys that it has now.
                if (setupAt < setup.Length || phase > Phase.JoinPause)
                {
                    return;
                }

                backoffMs = BackoffMsMin;
                Enter(Phase.Ready, 0);
            }
            else if (line.StartsWith("+EVT:JOIN_FAILED") || line.StartsWith("+EVT:JOIN FAILED"))
            {
                if (phase == Phase.AwaitJoin)
                {
                    Pause();
                }
            }
            else if (line.StartsWith("+EVT:RX_"))
            {
                // +EVT:RX_1:<rssi>:<snr>:UNICAST:<port>:<hex>
                int length = line.HexAt(line.FieldAt(6, ':'), downlink);
                downlinkPort = line.NumberAt(line.FieldAt(5, ':'));
                downlinkLength = downlinkPort > 0 ? length : -1;
            }
            else if (line.Is("+EVT:TX_DONE") || line.StartsWith("+EVT:SEND_CONFIRMED") || line.StartsWith("+EVT:SEND CONFIRMED"))
            {
                if (phase == Phase.AwaitUplink || phase == Phase.AwaitSend)
                {
                    Enter(Phase.Ready, 0);
                }
            }
        }

        private void TimeOut()
        {
            switch (phase)
            {
                case Phase.JoinPause:
                    if (setupAt < setup.Length)
                    {
                        Configure();
                    }
                    else
                    {
                        Join();
                    }

                    break;
                case Phase.OfferPause:
                    Offer();
                    break;
                case Phase.AwaitJoin:
                    Pause();
                    break;
                case Phase.AwaitUplink:
                    Enter(Phase.Ready, 0);
                    break;
                default:
                    silences++;
                    Configure();
                    break;
            }
        }

        private void Configure()
        {
            setupAt = -1;
            confirmMode = false;
            phase = Phase.Configure;
            NextSetup();
        }

        private void NextSetup()
        {
            setupAt++;
            if (setupAt == setup.Length)
            {
                Join();
                return;
            }

            line.Write(setup[setupAt]);
            Enter(Phase.Configure, AnswerMsMax);
        }

        private void Join()
        {
            line.Write("AT+JOIN=1:0:10:0");
            Enter(Phase.AwaitJoin, JoinMsMax);
        }

        private void Pause()
        {
            Enter(Phase.JoinPause, backoffMs);
            backoffMs = backoffMs * 2 > BackoffMsMax ? BackoffMsMax : backoffMs * 2;
        }

        private void Offer()
        {
            if (confirmMode != frameConfirmed)
            {
                line.Write(frameConfirmed ? "AT+CFM=1" : "AT+CFM=0");
                Enter(Phase.AwaitConfirmMode, AnswerMsMax);
                return;
            }

            line.Write("AT+SEND=", framePort, frame, frameLength);
            Enter(Phase.AwaitSend, AnswerMsMax);
        }

        private void Enter(Phase next, int waitMs)
        {
            phase = next;
            untilMs = waitMs == 0 ? 0 : nowMs + waitMs;
        }
    }
}
