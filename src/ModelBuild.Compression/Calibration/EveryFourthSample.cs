namespace ModelBuild.Compression.Calibration;

/// <summary>Every fourth call of another source, or all but those: by position alone, so that the parts are the same in each run.</summary>
/// <param name="source">All calls.</param>
/// <param name="isHeldOut">Whether this is the part of every fourth call.</param>
internal sealed class EveryFourthSample(ISampleSource source, bool isHeldOut) : ISampleSource
{
    /// <summary>Which call of how many is held out: the last of four.</summary>
    public const int Stride = 4;

    public string Kind => source.Kind;

    public IEnumerable<Sample> Read(CancellationToken cancellationToken) =>
        source.Read(cancellationToken).Where((_, i) => (i % Stride == Stride - 1) == isHeldOut);
}
