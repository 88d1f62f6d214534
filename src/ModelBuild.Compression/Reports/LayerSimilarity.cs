namespace ModelBuild.Compression.Reports;

/// <summary>The similarity (CKA) between the output of a layer and the output of a layer of the teacher.</summary>
/// <param name="Layer">The name of the layer's node.</param>
/// <param name="Teacher">The name of the teacher's node.</param>
/// <param name="IsByName">Whether both models have the value by name; otherwise the teacher's layer is the most similar one.</param>
/// <param name="Cka">The linear centred kernel alignment of both outputs: 1 for the same up to rotation and scale, 0 for unrelated ones.</param>
internal sealed record LayerSimilarity(string Layer, string Teacher, bool IsByName, double Cka);
