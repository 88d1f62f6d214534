namespace ModelBuild.Compression.Receipts;

/// <summary>One stage of a model that was cut.</summary>
/// <param name="Nodes">How many nodes compute in it.</param>
/// <param name="MultiplyAdds">Its multiply-adds in the call that is counted.</param>
/// <param name="Bytes">Bytes on disk, external data included.</param>
/// <param name="CrossingBytes">Bytes that earlier stages hand to it in that call.</param>
/// <param name="Inputs">What it takes: inputs of the whole model, then what earlier stages give.</param>
/// <param name="Outputs">What it gives: outputs of the whole model, then what later stages take.</param>
public sealed record StageFacts(int Nodes, long MultiplyAdds, long Bytes, long CrossingBytes, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);
