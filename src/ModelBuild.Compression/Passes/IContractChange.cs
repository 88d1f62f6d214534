using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes;

/// <summary>
/// A pass that changes the inputs or outputs that callers use. The change can be declared without running the pass, so that the signature is available before
/// the compressed model.
/// </summary>
internal interface IContractChange
{
    /// <summary>Changes the declared inputs and outputs of a model as the pass does. The method needs no weights.</summary>
    /// <exception cref="Diagnostics.CompressionException">MB1005: the model cannot have that contract.</exception>
    void ChangeContract(OnnxModel model);

    /// <summary>Changes the inputs and outputs of a whole model and nothing else of it. It is used for an original that is kept.</summary>
    void Adapt(OnnxModel model) => ChangeContract(model);
}
