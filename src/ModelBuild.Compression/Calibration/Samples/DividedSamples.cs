using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Calibration.Samples;

/// <summary>A sample source with either the held-out calls or the other calls of another source.</summary>
/// <param name="source">The source of all calls.</param>
/// <param name="division">The division of the calls.</param>
/// <param name="isHeldOut">True for the held-out calls, false for the others.</param>
internal sealed class DividedSamples(ISampleSource source, SampleDivision division, bool isHeldOut) : ISampleSource
{
    public InputKind Kind => source.Kind;

    public IEnumerable<Sample> Read(CancellationToken cancellationToken) =>
        source.Read(cancellationToken).Where((_, call) => division.IsHeldOut(call) == isHeldOut);
}
