namespace ModelBuild.Compression.Training.SafeTensors;

/// <summary>The contents of a safetensors file: texts and tensors.</summary>
/// <param name="Metadata">Texts by name.</param>
/// <param name="Tensors">The tensors.</param>
internal sealed record SafeTensorsDocument(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<SafeTensor> Tensors);
