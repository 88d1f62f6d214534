using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>Inputs to measure speed with: made ones, of the first size on which the model runs.</summary>
internal static class SpeedInputs
{
    // Positions of an open sequence or side of an image, before the sizes that verification tries.
    private const int Preferred = 128;

    /// <summary>A few samples; null when the model runs on none that can be made.</summary>
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
                // Another size, then.
            }

        return null;
    }

    /// <summary>Writes samples as ONNX's test data, for recipes that calibrate: how well does not matter here.</summary>
    /// <returns>The files.</returns>
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
                // Texts calibrate nothing.
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
