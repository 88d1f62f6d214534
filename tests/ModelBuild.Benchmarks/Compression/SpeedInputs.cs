using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>Synthetic inputs for measurements of speed, with the first size on which the model runs.</summary>
internal static class SpeedInputs
{
    // These are the sizes of a dynamic sequence or image side that are tried before the sizes of the verification.
    private const int Preferred = 128;

    /// <summary>Returns a few samples; null if the model runs on no synthetic input.</summary>
    public static IReadOnlyList<Sample>? Find(string path)
    {
        var model = OnnxModel.Load(path);
        var signature = SignatureReader.Read(model);
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var runner = new ModelRunner(new InferenceSession(path, options));
        foreach (var guess in DynamicDimensions.Guesses.Prepend(new DynamicDimensions(Preferred, LoneIsBatch: false)))
            try
            {
                Sample[] samples = [.. new SyntheticInputs(model, signature, guess).Read(CancellationToken.None)];
                runner.Run(samples[0], CancellationToken.None);
                return samples;
            }
            catch (Exception exception) when (exception is OnnxRuntimeException or NotSupportedException)
            {
                // The model does not run with this size, so the next size is tried.
            }

        return null;
    }

    /// <summary>Writes samples as ONNX test data for recipes that calibrate. Their accuracy is not measured.</summary>
    /// <returns>The paths of the files.</returns>
    public static IReadOnlyList<string> Save(IReadOnlyList<Sample> samples, string path, string folder)
    {
        var names = SignatureReader.Read(OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true })).Inputs.Select(input => input.Name).ToArray();
        var files = new List<string>();
        for (var i = 0; i < samples.Count; i++)
        {
            var set = Directory.CreateDirectory(Path.Combine(folder, $"test_data_set_{i}")).FullName;
            for (var input = 0; input < names.Length; input++)
            {
                var array = samples[i].Inputs[names[input]];
                // Texts are not used for calibration.
                if (array.Texts is not null)
                    return [];
                files.Add(Path.Combine(set, $"input_{input}.pb"));
                using var stream = File.Create(files[^1]);
                Tensors.Create(names[input], array.Type, array.Shape, array.Data).WriteTo(stream);
            }
        }

        return files;
    }
}
