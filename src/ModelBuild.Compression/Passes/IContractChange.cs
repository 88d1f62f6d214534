using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes;

/// <summary>
/// A change of the inputs or outputs that callers use. A pass makes this change together with its other changes. The change can also be declared without the
/// pass, so that the signature is available before the compressed model.
/// </summary>
internal interface IContractChange
{
    /// <summary>Changes the declared inputs and outputs of a model. The method needs no weights.</summary>
    /// <exception cref="Diagnostics.CompressionException">MB1005: the model cannot have that contract.</exception>
    void ChangeContract(OnnxModel model);

    /// <summary>Changes the inputs and outputs of a whole model and nothing else of it. The method is used for an original that is kept.</summary>
    void Adapt(OnnxModel model) => ChangeContract(model);
}
