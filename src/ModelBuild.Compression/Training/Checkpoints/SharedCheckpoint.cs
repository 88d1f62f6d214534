using System.Text.Json;
using ModelBuild.Compression.Training.Workers;

namespace ModelBuild.Compression.Training.Checkpoints;

/// <summary>Sends the checkpoint that worker 0 has read to all workers, so that only worker 0 needs the folder.</summary>
internal static class SharedCheckpoint
{
    /// <summary>Returns the checkpoint of worker 0; null if it has none.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="own">The checkpoint; those of other workers are ignored.</param>
    public static Checkpoint? Share(IWorkerGroup workers, Checkpoint? own)
    {
        if (workers.Size == 1)
            return own;
        var facts = JsonSerializer.Deserialize<CheckpointFacts>(workers.Share(JsonSerializer.Serialize(own?.Facts)));
        if (facts is null)
            return null;
        var empty = new Dictionary<string, float[]>(StringComparer.Ordinal);
        return new Checkpoint(
            facts,
            workers.Share(own?.Values ?? empty),
            workers.Share(own?.Best ?? empty),
            workers.Share(own?.Optimizer ?? empty),
            workers.Share(own?.Average ?? empty),
            workers.Share(own?.Settings ?? empty)
        );
    }
}
