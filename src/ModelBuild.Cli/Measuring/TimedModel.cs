using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Measuring;

/// <summary>Represents a model with the inputs of its calls, which are in the memory of ONNX Runtime before the model is loaded.</summary>
internal sealed class TimedModel : IDisposable
{
    private const int BufferSize = 1 << 20;

    private readonly RunOptions _options = new();
    private readonly List<(string[] Names, OrtValue[] Values)> _calls = [];
    private InferenceSession? _session;

    /// <summary>
    /// Initializes a new instance of the <see cref="TimedModel"/> class. It reads the inputs, and reads the file of the model once, so that the time of its
    /// load does not depend on the disk.
    /// </summary>
    public TimedModel(string path, IReadOnlyList<string> inputs, CancellationToken cancellationToken)
    {
        Path = path;
        var model = OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }, cancellationToken);
        foreach (var sample in new CalibrationFiles(inputs, SignatureReader.Read(model)).Read(cancellationToken))
            _calls.Add(([.. sample.Inputs.Keys], [.. sample.Inputs.Values.Select(ModelRunner.ToOrtValue)]));
        foreach (var file in model.ExternalFiles.Prepend(path))
            ReadWhole(file);
    }

    /// <summary>Gets the path of the model.</summary>
    public string Path { get; }

    /// <summary>Gets the number of different calls.</summary>
    public int Calls => _calls.Count;

    /// <summary>Loads the model and returns the time in milliseconds.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the model.</exception>
    public double Load(Func<string, InferenceSession> open)
    {
        var start = Stopwatch.GetTimestamp();
        _session = open(Path);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Runs the model once and returns the time in milliseconds.</summary>
    /// <param name="call">The number of the call, which determines its inputs.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime failed.</exception>
    public double Run(int call)
    {
        var (names, values) = _calls[call % _calls.Count];
        var start = Stopwatch.GetTimestamp();
        _session!.Run(_options, names, values, _session.OutputNames).Dispose();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Ends the profiling of the session and returns the path of the profile's file.</summary>
    public string EndProfiling() => _session!.EndProfiling();

    public void Dispose()
    {
        _session?.Dispose();
        foreach (var value in _calls.SelectMany(call => call.Values))
            value.Dispose();
        _options.Dispose();
    }

    private static void ReadWhole(string file)
    {
        var buffer = new byte[BufferSize];
        using var stream = File.OpenRead(file);
        while (stream.Read(buffer) > 0)
        {
            // The bytes are not used, because reading the file only serves to put it into the cache of the operating system.
        }
    }
}
