namespace ModelBuild.Compression.Training.Workers;

/// <summary>
/// The processes that train one model together. Each of them runs the same recipe on the same files and calls these methods in the same order. After a call,
/// all of them hold the same bits.
/// </summary>
internal interface IWorkerGroup
{
    /// <summary>Gets the number of this process among the workers, from 0.</summary>
    int Rank { get; }

    /// <summary>Gets the number of workers.</summary>
    int Size { get; }

    /// <summary>Gets the number of threads that this process may use.</summary>
    int Threads { get; }

    /// <summary>Gets the number of workers on this machine, which share its memory.</summary>
    int OnMachine { get; }

    /// <summary>Gets or sets whether a training is in progress, so that the failure of one worker must end the others.</summary>
    bool IsTraining { get; set; }

    /// <summary>Gets the name of the transport that carries the numbers, such as <c>TCP</c> or <c>Open MPI</c>. The order of additions depends on it.</summary>
    string Transport { get; }

    /// <summary>Replaces each number by the sum of the numbers of all workers at the same position.</summary>
    /// <param name="values">The numbers, as many in each worker.</param>
    /// <exception cref="Diagnostics.CompressionException">MB1052: a worker has ended.</exception>
    void Sum(Memory<float> values);

    /// <inheritdoc cref="Sum(Memory{float})"/>
    void Sum(Memory<double> values);

    /// <summary>Replaces the bytes of all workers by those of worker 0.</summary>
    /// <param name="bytes">The bytes, as many in each worker.</param>
    /// <exception cref="Diagnostics.CompressionException">MB1052: a worker has ended.</exception>
    void Broadcast(Memory<byte> bytes);
}
