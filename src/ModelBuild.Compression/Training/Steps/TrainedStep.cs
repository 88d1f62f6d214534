using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Steps;

/// <summary>The result of one training step of a recipe: the constants of the model that it changed.</summary>
/// <param name="Step">The step in its one-line form.</param>
/// <param name="Constants">The new constants. Names, element types and shapes are those of the model before the step.</param>
/// <param name="Report">The facts about the training.</param>
internal sealed record TrainedStep(string Step, IReadOnlyList<TensorProto> Constants, TrainingReport Report)
{
    /// <summary>Returns the reason why the constants do not fit a model; null if they do.</summary>
    public string? WhyNot(OnnxModel model)
    {
        var graph = new Graph(model);
        foreach (var tensor in Constants)
        {
            if (BranchConstants.ScopeOf(graph, tensor.Name) is not { } scope || !scope.TryGetConstant(tensor.Name, out var constant))
                return $"the model has no constant '{tensor.Name}'";
            if (!constant.Dims.SequenceEqual(tensor.Dims))
                return $"'{tensor.Name}' has the shape [{string.Join(", ", constant.Dims)}] in the model, and [{string.Join(", ", tensor.Dims)}] when "
                    + "it was trained";
            if (constant.DataType != tensor.DataType)
                return $"'{tensor.Name}' has another element type in the model";
        }

        return null;
    }

    /// <summary>Writes the constants into a model for which <see cref="WhyNot"/> returns null.</summary>
    public void Apply(OnnxModel model)
    {
        var graph = new Graph(model);
        foreach (var tensor in Constants)
            BranchConstants.ScopeOf(graph, tensor.Name)!.ReplaceConstant(tensor.Name, tensor.Clone());
    }
}
