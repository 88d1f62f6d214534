namespace ModelBuild.Compression.Training.TrainedFiles;

/// <summary>The ONNX type and shape of a constant whose type the safetensors format lacks, so that it is stored as bytes.</summary>
/// <param name="Name">The name of the constant.</param>
/// <param name="Type">The name of the ONNX type, such as <c>Int4</c>.</param>
/// <param name="Shape">The sizes of the dimensions.</param>
internal sealed record PackedConstant(string Name, string Type, IReadOnlyList<long> Shape);
