namespace ModelBuild.Cli.Training;

/// <summary>Represents the place of this process among the workers of a training.</summary>
/// <param name="Rank">The number of this process, from 0.</param>
/// <param name="Size">The number of workers.</param>
/// <param name="Threads">The number of threads that this process may use.</param>
internal sealed record WorkerPlace(int Rank, int Size, int Threads)
{
    /// <summary>Gets the number of workers on this machine, which share its memory.</summary>
    public int OnMachine { get; init; } = 1;
}
