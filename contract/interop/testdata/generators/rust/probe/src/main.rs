//! Calls both operations with the clients of openapi-generator's rust. The argument is the file of cases.

use iam_quotas::apis::account_quotas_api::{show_domain_quota, ShowDomainQuotaError};
use iam_quotas::models::QuotaType;
use ims_quotas::apis::image_quotas_api::{show_image_quota, ShowImageQuotaError};

async fn account(url: &str, token: &str, domain: &str, kind: &str) -> Result<String, Box<dyn std::error::Error>> {
    use iam_quotas::apis::{configuration, Error};
    let configuration = configuration::Configuration {
        base_path: url.into(),
        api_key: (!token.is_empty()).then(|| configuration::ApiKey { prefix: None, key: token.into() }),
        ..Default::default()
    };
    let kind: Option<QuotaType> = match kind {
        "" => None,
        kind => Some(serde_json::from_value(kind.into())?),
    };
    match show_domain_quota(&configuration, domain, kind).await {
        Ok(found) => {
            let found = found.quotas.resources.into_iter();
            Ok(found.map(|q| values(&q.r#type, q.used.flatten(), q.quota, q.min, q.max)).collect::<Vec<_>>().join(" "))
        }
        Err(Error::ResponseError(response)) => match response.entity {
            Some(ShowDomainQuotaError::Status400(e)) => Ok(format!("{} {}", response.status.as_u16(), e.error_code)),
            entity => Ok(format!("{} {entity:?}", response.status.as_u16())),
        },
        Err(e) => Err(e.into()),
    }
}

async fn images(url: &str, token: &str) -> Result<String, Box<dyn std::error::Error>> {
    use ims_quotas::apis::{configuration, Error};
    let configuration = configuration::Configuration {
        base_path: url.into(),
        api_key: (!token.is_empty()).then(|| configuration::ApiKey { prefix: None, key: token.into() }),
        ..Default::default()
    };
    match show_image_quota(&configuration).await {
        Ok(found) => {
            let found = found.quotas.resources.into_iter();
            Ok(found.map(|q| values(&q.r#type, Some(q.used), q.quota, q.min, q.max)).collect::<Vec<_>>().join(" "))
        }
        Err(Error::ResponseError(response)) => match response.entity {
            Some(ShowImageQuotaError::Status400(e)) => Ok(format!("{} {}", response.status.as_u16(), e.error.code)),
            Some(ShowImageQuotaError::Status401(e)) => Ok(format!("{} {}", response.status.as_u16(), e.error_code)),
            entity => Ok(format!("{} {entity:?}", response.status.as_u16())),
        },
        Err(e) => Err(e.into()),
    }
}

fn values(kind: &str, used: Option<i32>, quota: i32, min: i32, max: i32) -> String {
    let used = used.map_or("null".into(), |used| used.to_string());
    format!("{kind}={used}/{quota}/{min}/{max}")
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("no file of cases")?;
    for line in std::fs::read_to_string(file)?.lines() {
        let case: Vec<&str> = line.split('\t').collect(); // name, URL, token, domain, type
        let result = match case[3] {
            "" => images(case[1], case[2]).await,
            domain => account(case[1], case[2], domain, case[4]).await,
        };
        println!("{}\t{}", case[0], result.unwrap_or_else(|e| e.to_string()));
    }
    Ok(())
}
