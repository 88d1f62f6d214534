using ModelBuild.Onnx;

namespace ModelBuild.Compression.Partition;

/// <summary>A part of a model as a model of its own.</summary>
/// <param name="Model">The model, with the weights that it needs.</param>
/// <param name="Nodes">How many nodes it has.</param>
/// <param name="MultiplyAdds">Its multiply-adds in the call that is counted.</param>
/// <param name="CrossingBytes">The bytes that earlier stages hand to it in that call.</param>
internal sealed record Stage(OnnxModel Model, int Nodes, long MultiplyAdds, long CrossingBytes)
{
    /// <summary>The names of its inputs: those of the whole model that it needs, then what earlier stages give.</summary>
    public IReadOnlyList<string> Inputs => [.. Model.Proto.Graph.Input.Select(input => input.Name)];

    /// <summary>The names of its outputs: those of the whole model that it gives, then what later stages need.</summary>
    public IReadOnlyList<string> Outputs => [.. Model.Proto.Graph.Output.Select(output => output.Name)];
}
