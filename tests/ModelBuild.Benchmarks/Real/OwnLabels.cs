using System.Globalization;
using System.IO.Compression;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using ModelBuild.RealData;

namespace ModelBuild.Benchmarks.Real;

/// <summary>Adds labels to inputs: the class with the highest score of the float model.</summary>
internal static class OwnLabels
{
    /// <summary>Adds an array <c>label</c>.</summary>
    /// <param name="data">The <c>.npz</c> file.</param>
    /// <param name="model">The file of the model.</param>
    public static void Add(string data, string model)
    {
        var signature = SignatureReader.Read(OnnxModel.Load(model, new OnnxLoadOptions { SkipWeights = true }));
        using var runner = new ModelRunner(new InferenceSession(model));
        var labels = new List<long>();
        foreach (var sample in new CalibrationFiles([data], signature).Read(CancellationToken.None))
        {
            var scores = runner.Run(sample, CancellationToken.None)[0];
            var rows = (int)scores.Shape[0];
            foreach (var row in scores.Numbers.Chunk(scores.Numbers.Length / rows))
                labels.Add(Array.IndexOf(row, row.Max()));
        }

        Console.Error.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(data)}: {labels.Count} rows of {labels.Distinct().Count()} classes")
        );
        var labelled = $"{data}.label";
        using (var archive = new NumpyArchive(labelled))
            archive.Add("label", [labels.Count], [labels.ToArray()]);
        using (var source = ZipFile.OpenRead(labelled))
        using (var target = ZipFile.Open(data, ZipArchiveMode.Update))
        using (var from = source.Entries[0].Open())
        using (var to = target.CreateEntry("label.npy", CompressionLevel.NoCompression).Open())
            from.CopyTo(to);
        File.Delete(labelled);
    }
}
