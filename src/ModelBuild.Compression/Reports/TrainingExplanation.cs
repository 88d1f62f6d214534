using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Reports;

/// <summary>
/// The differences between a trained model and its teacher. They are measured after training, on held-out rows only. A step that gives a model other classes
/// has no teacher: the layers of the model are compared with those before the step, and its classes with the labels.
/// </summary>
/// <param name="Rows">The number of held-out rows of which the answers were compared; 0 if no row is held out, so that nothing was measured.</param>
/// <param name="LayerRows">The number of held-out rows on which layers were compared; 0 if there are too few rows.</param>
/// <param name="Layers">The layers of the model, in the order of its nodes.</param>
/// <param name="Outputs">The error of each output of floats.</param>
/// <param name="Classes">The classes that the model gives; null for a model without scores of classes.</param>
/// <param name="Samples">The rows with the largest differences, the largest first.</param>
/// <param name="Measure">How <paramref name="Samples"/> are compared; null if no row was compared.</param>
/// <param name="Terms">The contribution of each term to the loss.</param>
internal sealed record TrainingExplanation(
    int Rows,
    int LayerRows,
    IReadOnlyList<LayerSimilarity> Layers,
    IReadOnlyList<OutputDifference> Outputs,
    ClassComparison? Classes,
    IReadOnlyList<SampleDifference> Samples,
    [property: JsonConverter(typeof(CamelCaseEnum<SampleMeasure>))] SampleMeasure? Measure,
    IReadOnlyList<TermShare> Terms
)
{
    /// <summary>The smallest number of rows on which layers are compared.</summary>
    public const int MinLayerRows = 16;

    /// <summary>The explanation of a training that held out no rows.</summary>
    public static TrainingExplanation None { get; } = new(0, 0, [], [], Classes: null, [], Measure: null, []);
}
