using Google.Protobuf;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>Writes samples as ONNX test data, which <see cref="CalibrationFiles"/> reads: a folder for each call, and a file for each input.</summary>
internal static class SampleFiles
{
    /// <summary>Writes each sample to a folder of its own, with one file for each input.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="signature">The signature of the model.</param>
    /// <param name="folder">The folder that gets a folder for each sample.</param>
    /// <returns>The paths of the files.</returns>
    public static IReadOnlyList<string> Write(IReadOnlyList<Sample> samples, ModelSignature signature, string folder)
    {
        var files = new List<string>();
        foreach (var (call, sample) in samples.Index())
        {
            var set = Directory.CreateDirectory(Path.Combine(folder, $"test_data_set_{call}")).FullName;
            foreach (var (place, input) in signature.Inputs.Index())
                if (sample.Inputs.TryGetValue(input.Name, out var array))
                {
                    files.Add(Path.Combine(set, $"input_{place}.pb"));
                    using var stream = File.Create(files[^1]);
                    Tensor(input.Name, array).WriteTo(stream);
                }
        }

        return files;
    }

    private static TensorProto Tensor(string name, SampleArray array)
    {
        if (array.Texts is not { } texts)
            return Tensors.Create(name, array.Type, array.Shape, array.Data);
        var tensor = new TensorProto { Name = name, DataType = (int)DataType.String };
        tensor.Dims.Add(array.Shape);
        tensor.StringData.Add(texts.Select(ByteString.CopyFromUtf8));
        return tensor;
    }
}
