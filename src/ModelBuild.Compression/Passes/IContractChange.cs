using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes;

/// <summary>
/// A pass after which callers see other inputs or outputs. It says so without running, so that the signature is there before the compressed model is.
/// </summary>
internal interface IContractChange
{
    /// <summary>Changes the declarations of a model's inputs and outputs as the pass will; needs no weights.</summary>
    /// <exception cref="Diagnostics.CompressionException">MB1005: the model cannot have that contract.</exception>
    void ChangeContract(OnnxModel model);

    /// <summary>Gives a whole model that contract, and changes nothing else of it: for an original that is kept.</summary>
    void Adapt(OnnxModel model) => ChangeContract(model);
}
