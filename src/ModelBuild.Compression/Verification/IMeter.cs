namespace ModelBuild.Compression.Verification;

/// <summary>Measures one thing about an output, call after call.</summary>
internal interface IMeter
{
    /// <summary>Adds one call. Both models' values have the same shape.</summary>
    void Add(Compared call);

    /// <summary>Adds what was measured.</summary>
    OutputFidelity Describe(OutputFidelity fidelity);
}
