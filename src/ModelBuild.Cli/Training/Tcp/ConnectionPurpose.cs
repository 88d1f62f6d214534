namespace ModelBuild.Cli.Training.Tcp;

/// <summary>The purpose of a connection between two workers.</summary>
internal enum ConnectionPurpose
{
    /// <summary>A worker tells worker 0 that it is alive, and hears from it what happens to others.</summary>
    Watch = 1,

    /// <summary>A worker sends numbers to the next worker of the ring.</summary>
    Ring = 2,
}
