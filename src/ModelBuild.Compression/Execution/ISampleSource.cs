namespace ModelBuild.Compression.Execution;

/// <summary>Inputs to run a model on. Each enumeration reads them anew, one call at a time, so that memory does not grow with their number.</summary>
internal interface ISampleSource
{
    /// <summary>What receipts say about where the inputs come from: <c>calibration</c> or <c>made</c>.</summary>
    string Kind { get; }

    /// <summary>The inputs in a fixed order.</summary>
    IEnumerable<Sample> Read(CancellationToken cancellationToken);
}
