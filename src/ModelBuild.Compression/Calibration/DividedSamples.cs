using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Calibration;

/// <summary>One part of the calls of another source.</summary>
/// <param name="source">All calls.</param>
/// <param name="division">How they are divided.</param>
/// <param name="isHeldOut">Whether this is the part that is held out.</param>
internal sealed class DividedSamples(ISampleSource source, SampleDivision division, bool isHeldOut) : ISampleSource
{
    public string Kind => source.Kind;

    public IEnumerable<Sample> Read(CancellationToken cancellationToken) =>
        source.Read(cancellationToken).Where((_, call) => division.IsHeldOut(call) == isHeldOut);
}
