using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.SafeTensors;

/// <summary>The place of one tensor in the data of a safetensors file.</summary>
/// <param name="Name">The name of the tensor.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The sizes of the dimensions.</param>
/// <param name="Begin">The first byte, counted from the end of the header.</param>
/// <param name="End">The byte after the last one.</param>
internal sealed record SafeTensorEntry(string Name, DataType Type, IReadOnlyList<long> Shape, long Begin, long End);
