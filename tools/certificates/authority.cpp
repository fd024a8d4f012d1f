#include "tools/certificates/authority.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string_view>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "tools/certificates/certificate.hpp"
#include "tools/certificates/private_file.hpp"

namespace parley::certificates {

namespace {

result<void> check_days(int days) {
  if (days >= 1 && days <= days_max) return {};
  return fail(errc::invalid_argument, fmt::format("a certificate is for 1 to {} days", days_max));
}

bool is_plain(std::string_view text, std::string_view besides) {
  const auto is_good = [&](unsigned char one) {
    return std::isalnum(one) != 0 || besides.find(static_cast<char>(one)) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, is_good);
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 || inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

/// `DNS:one,IP:two`. A host is nothing that could be read as more than one.
result<std::string> alternative_names(const std::vector<std::string>& hosts) {
  if (hosts.empty()) return fail(errc::invalid_argument, "at which host is the node reached?");
  std::string names;
  for (const auto& host : hosts) {
    const auto kind = is_address(host) ? "IP" : "DNS";
    if (!is_address(host) && !is_plain(host, ".-*"))
      return fail(errc::invalid_argument, fmt::format("'{}' is neither a host's name nor an address", host));
    names += fmt::format("{}{}:{}", names.empty() ? "" : ",", kind, host);
  }
  return names;
}

/// The key first: a certificate whose key is missing would look as if all were done.
result<void> write_pair(const identity& what, const file_pair& files) {
  const auto key = pem_of(what.key.get());
  if (!key) return fail(key.error());
  const auto certificate = pem_of(what.certificate.get());
  if (!certificate) return fail(certificate.error());
  if (const auto put = put_file(files.key, *key, readers::owner); !put) return put;
  return put_file(files.certificate, *certificate, readers::everybody);
}

result<identity> read_authority(const file_pair& files) {
  const auto certificate = read_file(files.certificate);
  if (!certificate) return fail(certificate.error());
  const auto key = read_file(files.key);
  if (!key) return fail(key.error());
  auto read = read_identity(*certificate, *key);
  if (!read) return fail(read.error().code, fmt::format("{}: {}", files.certificate, read.error().detail));
  if (X509_check_ca(read->certificate.get()) != 1)
    return fail(errc::invalid_argument, fmt::format("{} is not the certificate of an authority", files.certificate));
  return read;
}

result<identity> new_identity(const std::string& name, int days) {
  const auto key = new_key();
  if (!key) return fail(key.error());
  auto certificate = new_certificate(*key, name, days);
  if (!certificate) return fail(certificate.error());
  return identity{std::move(*certificate), *key};
}

result<void> complete(const identity& made, const identity& authority, const std::vector<extension>& extensions) {
  for (const auto& one : extensions)
    if (const auto added = add_extension(made.certificate.get(), authority.certificate.get(), one); !added)
      return added;
  return sign(made.certificate.get(), authority);
}

void end_with(X509* authority, X509* made) {
  if (ASN1_TIME_compare(X509_get0_notAfter(made), X509_get0_notAfter(authority)) > 0)
    X509_set1_notAfter(made, X509_get0_notAfter(authority));
}

} // namespace

file_pair pair_in(const std::string& folder, const std::string& name) {
  const auto stem = (std::filesystem::path{folder} / name).string();
  return {stem + ".pem", stem + ".key"};
}

result<void> create_authority(const file_pair& files, const std::string& name, int days) {
  if (const auto good = check_days(days); !good) return good;
  if (!is_plain(name, " ._-"))
    return fail(errc::invalid_argument, fmt::format("'{}' is no name of an authority", name));
  for (const auto& path : {files.certificate, files.key}) {
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored))
      return fail(errc::conflict, fmt::format("{} exists; what it has signed would be worthless without it", path));
  }
  const auto made = new_identity(name, days);
  if (!made) return fail(made.error());
  auto completed = complete(*made, *made,
                            {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                             {NID_key_usage, "critical,keyCertSign,cRLSign"},
                             {NID_subject_key_identifier, "hash"}});
  if (!completed) return completed;
  return write_pair(*made, files);
}

result<void> issue_certificate(const file_pair& authority, const node_request& request, const file_pair& files) {
  if (const auto good = check_days(request.days); !good) return good;
  if (!is_plain(request.node, "._-"))
    return fail(errc::invalid_argument, fmt::format("'{}' is no node's id", request.node));
  const auto names = alternative_names(request.hosts);
  if (!names) return fail(names.error());
  const auto signer = read_authority(authority);
  if (!signer) return fail(signer.error());
  const auto made = new_identity(request.node, request.days);
  if (!made) return fail(made.error());
  end_with(signer->certificate.get(), made->certificate.get());
  auto completed = complete(*made, *signer,
                            {{NID_basic_constraints, "critical,CA:FALSE"},
                             {NID_key_usage, "critical,digitalSignature"},
                             {NID_ext_key_usage, "serverAuth,clientAuth"},
                             {NID_subject_key_identifier, "hash"},
                             {NID_authority_key_identifier, "keyid"},
                             {NID_subject_alt_name, *names}});
  if (!completed) return completed;
  return write_pair(*made, files);
}

} // namespace parley::certificates
