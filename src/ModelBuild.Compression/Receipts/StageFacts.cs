namespace ModelBuild.Compression.Receipts;

/// <summary>The facts about one stage of a model.</summary>
/// <param name="Nodes">The number of computed nodes.</param>
/// <param name="MultiplyAdds">The multiply-adds in the counted call.</param>
/// <param name="Bytes">The size on disk in bytes, including external data.</param>
/// <param name="CrossingBytes">The bytes that the stage receives from earlier stages in that call.</param>
/// <param name="Inputs">The inputs: inputs of the whole model first, then values of earlier stages.</param>
/// <param name="Outputs">The outputs: outputs of the whole model first, then values for later stages.</param>
internal sealed record StageFacts(int Nodes, long MultiplyAdds, long Bytes, long CrossingBytes, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);
