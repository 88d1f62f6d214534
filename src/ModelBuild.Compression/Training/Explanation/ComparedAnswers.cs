using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Compression.Verification;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Explanation;

/// <summary>The values of a model and its teacher that hold the answers that are compared.</summary>
/// <param name="Outputs">The outputs of floats.</param>
/// <param name="Classes">The scores of classes; null if there are none.</param>
internal sealed record ComparedAnswers(IReadOnlyList<ComparedOutput> Outputs, ClassScores? Classes)
{
    /// <summary>Returns the values that hold the answers of a model and its teacher.</summary>
    /// <param name="plan">The outputs of the teacher.</param>
    /// <param name="types">The types of the values of the teacher.</param>
    /// <param name="classes">The scores of classes; null if there are none.</param>
    public static ComparedAnswers Of(OutputPlan plan, IReadOnlyDictionary<string, InferredTensor> types, ClassScores? classes) =>
        new(
            [
                .. plan
                    .Parts.Where(part => plan.Outputs.Contains(part.Output) && types.TryGetValue(part.Output, out var type) && type.Type == DataType.Float)
                    .DistinctBy(part => part.Output)
                    .Select(part => new ComparedOutput(part.Output, part.Mask)),
            ],
            classes
        );

    /// <summary>The names of the values that the teacher computes.</summary>
    public IEnumerable<string> OfTeacher => [.. Outputs.Select(output => output.Name), .. Classes?.Teacher is { } scores ? [scores] : Array.Empty<string>()];

    /// <summary>The names of the values that the trained model computes.</summary>
    public IEnumerable<string> OfStudent => [.. Outputs.Select(output => output.Name), .. Classes is { } classes ? [classes.Student] : Array.Empty<string>()];
}
