namespace ModelBuild.Compression.Passes;

/// <summary>
/// The code of one step. A pass edits the model it is given and nothing else: it writes no files, logs nothing, reads no clock,
/// and gives the same bytes for the same model on any machine.
/// </summary>
internal interface IPass
{
    /// <summary>Rewrites the context's model in place, and reports what was changed and what was left alone.</summary>
    void Run(PassContext context);
}
