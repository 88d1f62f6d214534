using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>The change of a classifier's outputs by the step <c>transfer</c>: their number of classes.</summary>
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

    /// <summary>Changes nothing, because the original is not trained for the new classes and keeps its own classes.</summary>
    public void Adapt(OnnxModel model) { }
}
