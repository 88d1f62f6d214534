namespace ModelBuild.Compression.Passes;

/// <summary>
/// The code of one step. A pass changes only the given model: it writes no files, logs nothing, reads no clock, and its result has the same bytes for the
/// same model on any machine.
/// </summary>
internal interface IPass
{
    /// <summary>Runs the pass: rewrites the context's model in place, and reports the changes and the skipped elements.</summary>
    void Run(PassContext context);
}
