using Xunit;

namespace Quartier.Tests.Device;

/// <summary>The stand-ins have one chip, as a board has: these suites take turns.</summary>
[CollectionDefinition(nameof(OnOneBoard))]
public sealed class OnOneBoard;
