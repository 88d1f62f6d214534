using ModelBuild.Onnx;

namespace ModelBuild.Compression.Partition;

/// <summary>A stage of a model as a separate model with its own inputs and outputs.</summary>
/// <param name="Model">The model of the stage with the weights that it needs.</param>
/// <param name="Nodes">The number of computed nodes.</param>
/// <param name="MultiplyAdds">The multiply-adds in the counted call.</param>
/// <param name="CrossingBytes">The bytes that the stage receives from earlier stages in that call.</param>
internal sealed record Stage(OnnxModel Model, int Nodes, long MultiplyAdds, long CrossingBytes)
{
    /// <summary>The names of the stage's inputs: inputs of the whole model first, then values of earlier stages.</summary>
    public IReadOnlyList<string> Inputs => [.. Model.Proto.Graph.Input.Select(input => input.Name)];

    /// <summary>The names of the stage's outputs: outputs of the whole model first, then values for later stages.</summary>
    public IReadOnlyList<string> Outputs => [.. Model.Proto.Graph.Output.Select(output => output.Name)];
}
