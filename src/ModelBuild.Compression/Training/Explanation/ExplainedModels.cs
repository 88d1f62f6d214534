using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Explanation;

/// <summary>The models that an explanation compares, prepared as for training.</summary>
/// <param name="Teacher">The teacher; for a model with other classes, the model before training.</param>
/// <param name="Before">The model before training.</param>
/// <param name="After">The model after training.</param>
internal sealed record ExplainedModels(OnnxModel Teacher, OnnxModel Before, OnnxModel After)
{
    /// <summary>Creates the models from those of a training.</summary>
    /// <param name="teacher">The teacher; null to compare the model with itself before training.</param>
    /// <param name="student">The model that was trained, with its first values as constants.</param>
    /// <param name="values">The trained values.</param>
    public static ExplainedModels Of(OnnxModel? teacher, OnnxModel student, IEnumerable<TrainedValue> values)
    {
        var after = student.Clone();
        var graph = new Graph(after);
        foreach (var input in values.Select(value => value.Input))
            graph.ReplaceConstant(input.Name, Tensors.Create(input.Name, input.Shape, input.Values.ToArray()));
        return new ExplainedModels(teacher ?? student, student, after);
    }
}
