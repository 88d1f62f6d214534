using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Loading;
using ModelBuild.Runtime.Native;
using ModelBuild.Runtime.Sources;

namespace ModelBuild.Runtime.Engines;

/// <summary>Loads the stages of a model and verifies that they belong together and to the generated class.</summary>
internal static class PipelineLoader
{
    /// <summary>Loads the stages of a model into an engine.</summary>
    /// <exception cref="ModelLoadException">A stage cannot be loaded, or does not belong to the model that the class was generated for.</exception>
    public static Engine Load(ModelContract contract, ModelSource source, ModelOptions options)
    {
        var count = source.Stages.Count;
        if (options.StageProviders is { } providers && providers.Count != count)
            throw new ArgumentException(
                $"StageProviders has {providers.Count} lists, but {contract.Name} has {count} stages. Set one list for each stage.",
                nameof(options)
            );
        // The threads are divided among the stages. Otherwise the threads of one stage that spin while they wait would take cores from the other stages.
        var threads = Math.Max(1, (options.Threads ?? Environment.ProcessorCount) / (count * options.Parallel));
        var available = OnnxRuntimeLibrary.Load();
        var stages = new List<PipelineStage>();
        try
        {
            string? whole = null;
            for (var index = 0; index < count; index++)
            {
                var part = source.Stages[index];
                var own = options with
                {
                    Threads = threads,
                    Spinning = options.Spinning ?? false,
                    Providers = options.StageProviders?[index] ?? options.Providers,
                };
                var (session, provider, deviceLock) = new SessionFactory(contract, own, available, IntegerProducts.Saturate).Open(part);
                try
                {
                    whole = Verify(contract, part, session, $"{index + 1}/{count}", whole);
                    stages.Add(new PipelineStage(contract, session, shapes => new SessionEngine(session, provider, deviceLock, shapes), options.Parallel));
                }
                catch
                {
                    session.Dispose();
                    throw;
                }
            }

            return new PipelineEngine([.. stages]);
        }
        catch
        {
            stages.ForEach(stage => stage.Dispose());
            throw;
        }
    }

    /// <summary>Verifies the metadata of a stage, and returns the hash of the whole model's file that the stage was cut from.</summary>
    private static string Verify(ModelContract contract, ModelSource source, InferenceSession session, string number, string? whole)
    {
        var metadata = session.ModelMetadata.CustomMetadataMap;
        var own = metadata.GetValueOrDefault(StageMetadata.WholeKey);
        if (own is null || metadata.GetValueOrDefault(StageMetadata.NumberKey) != number)
            throw new ModelLoadException(
                $"{source.Description} is not stage {number} of the model '{contract.Model}'. Build the project again, and copy all stages."
            );
        if (metadata.GetValueOrDefault(StageMetadata.SignatureKey) != contract.Hash)
            throw new ModelLoadException(
                $"{source.Description} is a stage of a model whose inputs and outputs differ from those that {contract.Name} was generated for. "
                    + "Build the project again."
            );
        if (whole is not null && own != whole)
            throw new ModelLoadException($"{source.Description} and the stage before it come from different builds. Copy all stages of one build.");
        return own;
    }
}
