using System.IO.Compression;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// Gradients in an <c>.npz</c> file. Its arrays are named as the weights. Each has the shape of the weight, or one more axis in front, which counts samples
/// or batches. Gradients are read one by one, so that only one is in memory.
/// </summary>
internal sealed class GradientFile(string path) : IWeightGradients
{
    public IEnumerable<float[]> Of(string name, TensorProto weight)
    {
        using var gradients = Read(name, weight).GetEnumerator();
        while (true)
        {
            try
            {
                if (!gradients.MoveNext())
                    yield break;
            }
            catch (Exception exception)
                when (exception is InvalidDataException or IOException or UnauthorizedAccessException or OverflowException or FormatException or OnnxException)
            {
                throw new CompressionException(Codes.CalibrationData, $"The gradients cannot be used: {exception.Message.TrimEnd('.')}.", path, exception);
            }

            yield return gradients.Current;
        }
    }

    private IEnumerable<float[]> Read(string name, TensorProto weight)
    {
        using var archive = ZipFile.OpenRead(path);
        if (archive.GetEntry($"{name}.npy") is not { } entry)
            yield break;
        using var array = new NpyReader(entry.Open(), entry.Length);
        var (type, shape) = (array.Header.Type, array.Header.Shape);
        var isOne = shape.SequenceEqual(weight.Dims);
        if (!isOne && !(shape.Length == weight.Dims.Count + 1 && shape.AsSpan(1).SequenceEqual([.. weight.Dims])))
            throw new InvalidDataException(
                $"its array '{name}' has the shape [{string.Join(',', shape)}], and the weight has [{string.Join(',', weight.Dims)}]"
            );
        if (type is not (DataType.Float or DataType.Double or DataType.Float16))
            throw new InvalidDataException($"its array '{name}' does not contain floats");
        for (var i = 0L; i < (isOne ? 1 : shape[0]); i++)
            yield return Tensors.Create(name, type, [.. weight.Dims], array.Read([.. weight.Dims]).Data).ToFloats();
    }
}
