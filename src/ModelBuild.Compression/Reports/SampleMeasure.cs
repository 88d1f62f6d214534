namespace ModelBuild.Compression.Reports;

/// <summary>Specifies how the outputs of two models for a row are compared.</summary>
internal enum SampleMeasure
{
    /// <summary>The Kullback–Leibler divergence of the model's probabilities of classes from those of the teacher, in nats.</summary>
    Divergence,

    /// <summary>The error of the row relative to the teacher's mean signal of a row.</summary>
    RelativeError,

    /// <summary>The negative logarithm of the probability of the label, in nats.</summary>
    LabelLoss,
}
