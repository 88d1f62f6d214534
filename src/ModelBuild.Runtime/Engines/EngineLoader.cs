using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Contracts;
using ModelBuild.Runtime.Loading;
using ModelBuild.Runtime.Native;
using ModelBuild.Runtime.Providers;
using ModelBuild.Runtime.Shapes;
using ModelBuild.Runtime.Sources;

namespace ModelBuild.Runtime.Engines;

/// <summary>Loads a model into an engine and verifies that it has the signature that the class was generated for.</summary>
internal static class EngineLoader
{
    /// <summary>The metadata key under which a compressed model stores the hash of its signature.</summary>
    private const string SignatureKey = "modelbuild.signature";

    /// <summary>Loads a model into an engine.</summary>
    /// <exception cref="ModelLoadException">The model cannot be loaded, or its inputs and outputs differ from the contract.</exception>
    public static Engine Load(ModelContract contract, ShapeProgram shapes, ModelSource source, ModelOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Parallel, nameof(ModelOptions.Parallel));
        if (source.Stages.Count > 0)
            return PipelineLoader.Load(contract, source, options);
        if (options.StageProviders is not null)
            throw new ArgumentException($"StageProviders has no effect on {contract.Name}, which has no stages. Set Providers instead.", nameof(options));
        if (options.Parallel == 1)
            return LoadOne(contract, shapes, source, options);

        // Each run uses the thread of its caller, and all runs share the other threads. Spinning threads would take cores from the other runs.
        var threads = Math.Max(1, (options.Threads ?? Environment.ProcessorCount) - options.Parallel + 1);
        var worker = options with { Threads = threads, Spinning = options.Spinning ?? false };
        var workers = new List<SessionEngine>();
        try
        {
            workers.Add(LoadOne(contract, shapes, source, worker));
            // On the CPU, all workers share one session, so that the weights are in memory once. On other devices each worker has its own session, because each
            // session has its own queue.
            var isShared = workers[0].Provider == ProviderCatalog.Cpu;
            while (workers.Count < options.Parallel)
                workers.Add(isShared ? workers[0] : LoadOne(contract, shapes, source, worker));
            return new ParallelEngine([.. workers], BatchRows.Of(contract, shapes));
        }
        catch
        {
            foreach (var open in workers.Distinct())
                open.Session.Dispose();
            throw;
        }
    }

    private static SessionEngine LoadOne(ModelContract contract, ShapeProgram shapes, ModelSource source, ModelOptions options)
    {
        var available = OnnxRuntimeLibrary.Load();
        var (session, provider, deviceLock) = new SessionFactory(contract, options, available, IntegerProducts.Saturate).Open(source);
        try
        {
            Verify(contract, source, session);
            return new SessionEngine(session, provider, deviceLock, shapes);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void Verify(ModelContract contract, ModelSource source, InferenceSession session)
    {
        if (session.ModelMetadata.CustomMetadataMap.TryGetValue(SignatureKey, out var hash) && hash == contract.Hash)
            return;
        var differences = ContractDifference.Find(contract, session);
        if (differences.Count > 0)
            throw new ModelSignatureException(contract, source.Description, differences);
    }
}
