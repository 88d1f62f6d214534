using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Profiling;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Measuring;

/// <summary>Measures the time of each node in a session with ONNX Runtime's profiler. The session is not the one whose calls are timed.</summary>
/// <param name="inputs">The files with the inputs of the calls.</param>
/// <param name="threads">The number of threads of a run; 0 for the default of ONNX Runtime.</param>
/// <param name="configure">Sets further options of the session.</param>
internal sealed class NodeProfiler(IReadOnlyList<string> inputs, int threads, Action<SessionOptions> configure)
{
    private const int WarmUps = 3;
    private const int MinCalls = 5;
    private const double Seconds = 1;

    // The approximate number of events, one for each node and call, after which no further calls are made. ONNX Runtime records at most a million events.
    private const int MaxEvents = 200_000;

    // The number of bytes from which on weights are written to a separate file, because a file in protobuf format cannot have 2 GB.
    private const long ExternalFrom = 1 << 20;

    /// <summary>Runs the model several times and returns the mean times of its nodes.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load or run the model.</exception>
    public RunProfile Measure(string path, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-profile-");
        try
        {
            var model = OnnxModel.Load(path, new OnnxLoadOptions { MapWeights = true }, cancellationToken);
            NodeNames.Complete(model);
            var named = Path.Combine(folder.FullName, "model.onnx");
            model.Save(named, new OnnxSaveOptions { ExternalDataThreshold = ExternalFrom }, cancellationToken);
            model.ReleaseWeights();
            var optimized = Path.Combine(folder.FullName, "optimized.onnx");
            var profile = Run(named, optimized, Path.Combine(folder.FullName, "profile"), cancellationToken);
            return profile with { Nodes = Described(profile.Nodes, path, optimized, cancellationToken) };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private RunProfile Run(string path, string optimized, string prefix, CancellationToken cancellationToken)
    {
        string file;
        using (var model = new TimedModel(path, inputs, cancellationToken))
        {
            model.Load(named => Open(named, optimized, prefix));
            var nodes = Math.Max(1, OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }, cancellationToken).Proto.Graph.Node.Count);
            var clock = Stopwatch.StartNew();
            for (var call = 0; call < WarmUps + MinCalls || (clock.Elapsed.TotalSeconds < Seconds && call < MaxEvents / nodes); call++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                model.Run(call);
            }

            file = model.EndProfiling();
        }

        using var stream = File.OpenRead(file);
        return RunProfile.Of(ProfileEvents.Read(stream), WarmUps);
    }

    // Opens a session that writes its optimized graph. ONNX Runtime cannot open a session with this option if a provider has compiled parts of the graph.
    private InferenceSession Open(string path, string optimized, string prefix)
    {
        try
        {
            return Open(optimized);
        }
        catch (OnnxRuntimeException)
        {
            return Open("");
        }

        InferenceSession Open(string graph) =>
            Sessions.OpenAsApplication(
                path,
                threads,
                options =>
                {
                    configure(options);
                    if (graph.Length > 0)
                        options.OptimizedModelFilePath = graph;
                    options.EnableProfiling = true;
                    options.ProfileOutputPathPrefix = prefix;
                }
            );
    }

    private static IReadOnlyList<NodeTime> Described(IReadOnlyList<NodeTime> nodes, string path, string optimized, CancellationToken cancellationToken)
    {
        if (!File.Exists(optimized))
            return nodes;
        var skipWeights = new OnnxLoadOptions { SkipWeights = true };
        var running = new RunningGraph(
            new Graph(OnnxModel.Load(path, skipWeights, cancellationToken)),
            new Graph(OnnxModel.Load(optimized, skipWeights, cancellationToken))
        );
        return [.. nodes.Select(running.Describe)];
    }
}
