using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Tests.Support;

/// <summary>Samples that are there already.</summary>
internal sealed class FixedSamples(params Sample[] samples) : ISampleSource
{
    public InputKind Kind => InputKind.Calibration;

    public IEnumerable<Sample> Read(CancellationToken cancellationToken) => samples;
}
