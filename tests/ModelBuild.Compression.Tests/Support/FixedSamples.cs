using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Tests.Support;

/// <summary>Samples that exist before they are read.</summary>
internal sealed class FixedSamples(params Sample[] samples) : ISampleSource
{
    public InputKind Kind => InputKind.Calibration;

    public IEnumerable<Sample> Read(CancellationToken cancellationToken) => samples;
}
