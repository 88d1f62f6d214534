using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>The number of classes that the step <c>transfer</c> gives the outputs of a classifier.</summary>
internal sealed class NewClasses(TransferOptions options) : IContractChange
{
    public void ChangeContract(OnnxModel model)
    {
        options.Check();
        var head = ClassHeadSearch.Find(ModelPreparation.PreparedCopy(model));
        foreach (var output in model.Proto.Graph.Output.Where(output => head.Outputs.Contains(output.Name)))
            if (output.Type?.TensorType?.Shape?.Dim is { Count: > 1 } sizes)
                sizes[1].DimValue = options.Classes;
    }

    /// <summary>Changes nothing, because the original is not trained for the new classes and keeps its own.</summary>
    public void Adapt(OnnxModel model) { }
}
