namespace ModelBuild.Cli.Training.Tcp;

/// <summary>Specifies the purpose of a connection between two workers.</summary>
internal enum ConnectionPurpose
{
    /// <summary>A worker uses the connection to send signs of life to worker 0, and to receive reports of the failures of other workers.</summary>
    Watch = 1,

    /// <summary>A worker uses the connection to send numbers to the next worker of the ring.</summary>
    Ring = 2,
}
