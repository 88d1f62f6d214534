using System.Runtime.InteropServices;
using System.Text.Json;
using ModelBuild.Compression.Training.SafeTensors;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Checkpoints;

/// <summary>The file of the checkpoint of one training step. It has the safetensors format, with the numbers as JSON in the metadata.</summary>
/// <param name="path">The path.</param>
/// <param name="key">Identifies the training.</param>
internal sealed class CheckpointFile(string path, string key)
{
    private const string FactsName = "checkpoint";
    private const string Values = "values",
        Best = "best",
        Optimizer = "optimizer",
        Average = "average",
        Settings = "settings";

    /// <summary>The key that identifies the training of the checkpoint.</summary>
    public string Key => key;

    /// <summary>Returns the file of one phase of a training that has several.</summary>
    /// <param name="number">The number of the phase, from 1.</param>
    public CheckpointFile Phase(int number) =>
        new(Path.ChangeExtension(path, FormattableString.Invariant($".{number}.safetensors")), FormattableString.Invariant($"{key}.{number}"));

    /// <summary>
    /// Reads the checkpoint. The result is null if there is none, or if it belongs to another training or is damaged, so that training begins again.
    /// </summary>
    public Checkpoint? Load()
    {
        if (!File.Exists(path))
            return null;
        try
        {
            var document = SafeTensorsReader.Read(path);
            if (
                !document.Metadata.TryGetValue(FactsName, out var json)
                || JsonSerializer.Deserialize<CheckpointFacts>(json) is not { } facts
                || facts.Key != key
            )
                return null;
            return new Checkpoint(
                facts,
                Part(document, Values),
                Part(document, Best),
                Part(document, Optimizer),
                Part(document, Average),
                Part(document, Settings)
            );
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException or IOException)
        {
            return null;
        }
    }

    /// <summary>Writes the checkpoint to a temporary file, and renames it.</summary>
    public void Save(Checkpoint checkpoint)
    {
        var metadata = new Dictionary<string, string> { [FactsName] = JsonSerializer.Serialize(checkpoint.Facts) };
        SafeTensor[] tensors =
        [
            .. Tensors(Values, checkpoint.Values),
            .. Tensors(Best, checkpoint.Best),
            .. Tensors(Optimizer, checkpoint.Optimizer),
            .. Tensors(Average, checkpoint.Average),
            .. Tensors(Settings, checkpoint.Settings),
        ];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new AtomicFile(path, onWritten: () => { }, CancellationToken.None);
        SafeTensorsWriter.Write(file.Stream, new SafeTensorsDocument(metadata, tensors));
        file.Commit();
    }

    /// <summary>Deletes the file of the checkpoint.</summary>
    public void Delete() => File.Delete(path);

    private static IEnumerable<SafeTensor> Tensors(string part, IReadOnlyDictionary<string, float[]> arrays) =>
        arrays
            .OrderBy(array => array.Key, StringComparer.Ordinal)
            .Select(array => new SafeTensor(
                $"{part}/{array.Key}",
                DataType.Float,
                [array.Value.Length],
                MemoryMarshal.AsBytes(array.Value.AsSpan()).ToArray()
            ));

    private static Dictionary<string, float[]> Part(SafeTensorsDocument document, string part) =>
        document
            .Tensors.Where(tensor => tensor.Name.StartsWith(part + "/", StringComparison.Ordinal))
            .ToDictionary(
                tensor => tensor.Name[(part.Length + 1)..],
                tensor => MemoryMarshal.Cast<byte, float>(tensor.Bytes.Span).ToArray(),
                StringComparer.Ordinal
            );
}
