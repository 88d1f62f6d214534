namespace ModelBuild.Cli.Training.Tcp;

/// <summary>Specifies the purpose of a connection between two workers.</summary>
internal enum ConnectionPurpose
{
    /// <summary>By the connection a worker sends signs of life to worker 0, and receives from it the failures of other workers.</summary>
    Watch = 1,

    /// <summary>By the connection a worker sends numbers to the next worker of the ring.</summary>
    Ring = 2,
}
