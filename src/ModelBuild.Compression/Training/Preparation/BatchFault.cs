namespace ModelBuild.Compression.Training.Preparation;

/// <summary>Specifies why a model runs with its declared batch only.</summary>
internal enum BatchFault
{
    /// <summary>No input has a first dimension that is dynamic or 1.</summary>
    NoBatchInput,

    /// <summary>The declared batch of an input has a fixed size other than 1.</summary>
    FixedBatchOfSeveral,

    /// <summary>The samples do not show one row of each input.</summary>
    NoSamples,

    /// <summary>ONNX Runtime does not run the model on a batch of three.</summary>
    DoesNotRun,

    /// <summary>An output has no dimension that counts the rows of the batch alone.</summary>
    OutputWithoutBatch,

    /// <summary>The outputs of a batch of three differ from those of three runs.</summary>
    DifferentOutputs,
}
