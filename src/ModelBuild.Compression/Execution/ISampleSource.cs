namespace ModelBuild.Compression.Execution;

/// <summary>
/// Supplies inputs to run a model on. Each enumeration reads them again, one call at a time, so that memory does not grow with their number.
/// </summary>
internal interface ISampleSource
{
    /// <summary>The origin of the inputs as receipts name it: <c>calibration</c> or <c>made</c>.</summary>
    InputKind Kind { get; }

    /// <summary>Reads the inputs of all calls in a fixed order.</summary>
    IEnumerable<Sample> Read(CancellationToken cancellationToken);
}
