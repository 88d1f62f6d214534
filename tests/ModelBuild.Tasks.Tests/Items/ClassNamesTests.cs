using ModelBuild.Tasks.Items;

namespace ModelBuild.Tasks.Tests.Items;

public sealed class ClassNamesTests
{
    [Theory]
    [InlineData("litenet-conv.onnx", "LitenetConvModel")]
    [InlineData("mnist-8.onnx", "Mnist8Model")]
    [InlineData("8bit.onnx", "_8bitModel")]
    [InlineData("v1.2.onnx", "V1_2Model")]
    [InlineData("v12.onnx", "V12Model")]
    [InlineData("silero_vad_op18_ifless.onnx", "SileroVadOp18IflessModel")]
    [InlineData("p(1)[x]{y}.onnx", "P1XYModel")]
    [InlineData("ünïcode 模型.onnx", "Ünïcode模型Model")]
    [InlineData("__.onnx", "Model")]
    [InlineData("ResNet50.onnx", "ResNet50Model")]
    [InlineData("digits_model.onnx", "DigitsModel")]
    [InlineData("digits-model.onnx", "DigitsModel")]
    [InlineData("DigitsModel.onnx", "DigitsModel")]
    [InlineData("digitsmodel.onnx", "DigitsModel")]
    [InlineData("digits.MODEL.onnx", "DigitsModel")]
    [InlineData("decoder_model_merged.onnx", "DecoderMergedModel")]
    [InlineData("model_of_digits.onnx", "OfDigitsModel")]
    [InlineData("model.onnx", "Model")]
    [InlineData("model2.onnx", "_2Model")]
    [InlineData("models.onnx", "ModelsModel")]
    public void The_class_is_named_after_the_file(string file, string name)
    {
        Assert.Equal(name, ClassNames.FromFile(file));
        Assert.True(ClassNames.IsIdentifier(name));
    }

    [Theory]
    [InlineData("App", "App")]
    [InlineData("my-app.2d", "my_app._2d")]
    public void A_root_namespace_that_is_none_becomes_one(string given, string expected) => Assert.Equal(expected, ClassNames.Namespace(given));
}
