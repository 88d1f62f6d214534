namespace ModelBuild.Compression.Training.Workers;

/// <summary>A worker group with one process, which trains alone.</summary>
internal sealed class SingleWorker : IWorkerGroup
{
    private SingleWorker() { }

    /// <summary>The only instance of this type.</summary>
    public static SingleWorker Instance { get; } = new();

    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int Size => 1;

    /// <inheritdoc/>
    public int Threads => Environment.ProcessorCount;

    /// <inheritdoc/>
    public int OnMachine => 1;

    /// <inheritdoc/>
    public bool IsTraining { get; set; }

    /// <inheritdoc/>
    public string Transport => "";

    /// <inheritdoc/>
    public void Sum(Memory<float> values) { }

    /// <inheritdoc/>
    public void Sum(Memory<double> values) { }

    /// <inheritdoc/>
    public void Broadcast(Memory<byte> bytes) { }
}
